// Derived from the model by `graph-service schema --write`. Do not edit.

// Fund → Area · known
UNWIND $keys AS key MATCH (a:Fund {fund_no: key[0]}) MATCH (a)-[r:MANAGED_BY {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.fund_no, coalesce(b.code, b.department_no)] + [r.since, r.until]]);

// Fund → Area · supersede
UNWIND $rows AS row MATCH (a:Fund {fund_no: row[0]}) MATCH (a)-[r:MANAGED_BY {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Area · create
UNWIND $rows AS row MATCH (a:Fund {fund_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:MANAGED_BY {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Fund → Department · known
UNWIND $keys AS key MATCH (a:Fund {fund_no: key[0]}) MATCH (a)-[r:MANAGED_BY {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.fund_no, coalesce(b.code, b.department_no)] + [r.since, r.until]]);

// Fund → Department · supersede
UNWIND $rows AS row MATCH (a:Fund {fund_no: row[0]}) MATCH (a)-[r:MANAGED_BY {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Department · create
UNWIND $rows AS row MATCH (a:Fund {fund_no: row[0]}) MATCH (b:Department {department_no: row[1]}) CREATE (a)-[r:MANAGED_BY {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
