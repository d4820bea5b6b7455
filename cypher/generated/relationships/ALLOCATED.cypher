// Derived from the model by `graph-service schema --write`. Do not edit.

// Fund → Project · known
UNWIND $keys AS key MATCH (b:Project {project_no: key[1]}) MATCH (b)<-[r:ALLOCATED {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.fund_no, b.project_no] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Fund → Project · supersede
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (b)<-[r:ALLOCATED {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Project · create
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:ALLOCATED {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
