// Makes the one server a replica set of one; harmless when it is one already.
db.getSiblingDB("admin").auth("root", process.env.MONGO_ROOT_PASSWORD);
try {
  rs.status();
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  rs.initiate({ _id: "tradeflow", members: [{ _id: 0, host: "mongo:27017" }] });
}
