// Run once by MongoDB's image, on an empty data directory: the exchange's login may read and
// write the audit database only.
db.getSiblingDB("admin").createUser({
  user: "tradeflow",
  pwd: process.env.AUDIT_LOGIN_PASSWORD,
  roles: [{ role: "readWrite", db: "tradeflow_audit" }],
});
