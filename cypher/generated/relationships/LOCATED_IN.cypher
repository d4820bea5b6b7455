// Derived from the model by `graph-service schema --write`. Do not edit.

// Project → Area · known
UNWIND $keys AS key MATCH (a:Project {project_no: key[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.project_no, b.code] + [r.since, r.until]]);

// Project → Area · supersede
UNWIND $rows AS row MATCH (a:Project {project_no: row[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Project → Area · create
UNWIND $rows AS row MATCH (a:Project {project_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:LOCATED_IN {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Asset → Area · known
UNWIND $keys AS key MATCH (a:Asset {asset_no: key[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.asset_no, b.code] + [r.since, r.until]]);

// Asset → Area · supersede
UNWIND $rows AS row MATCH (a:Asset {asset_no: row[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Asset → Area · create
UNWIND $rows AS row MATCH (a:Asset {asset_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:LOCATED_IN {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Enterprise → Area · known
UNWIND $keys AS key MATCH (a:Enterprise {uscc: key[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.uscc, b.code] + [r.since, r.until]]);

// Enterprise → Area · supersede
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Area · create
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:LOCATED_IN {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Area · known
UNWIND $keys AS key MATCH (a:Cooperative {uscc: key[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.uscc, b.code] + [r.since, r.until]]);

// Cooperative → Area · supersede
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Area · create
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:LOCATED_IN {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Department → Area · known
UNWIND $keys AS key MATCH (a:Department {department_no: key[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.department_no, b.code] + [r.since, r.until]]);

// Department → Area · supersede
UNWIND $rows AS row MATCH (a:Department {department_no: row[0]}) MATCH (a)-[r:LOCATED_IN {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Department → Area · create
UNWIND $rows AS row MATCH (a:Department {department_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:LOCATED_IN {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
