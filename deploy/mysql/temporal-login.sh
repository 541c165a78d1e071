#!/bin/bash
# Run once by MySQL's image, on an empty data directory: Temporal's login owns its two databases
# and sees no other. The exchange's own logins are made by workers.provision.
docker_process_sql <<SQL
CREATE USER 'temporal'@'%' IDENTIFIED BY '${TEMPORAL_LOGIN_PASSWORD:?}';
GRANT ALL ON \`temporal\`.* TO 'temporal'@'%';
GRANT ALL ON \`temporal\_visibility\`.* TO 'temporal'@'%';
SQL
