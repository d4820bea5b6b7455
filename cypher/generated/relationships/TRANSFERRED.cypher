// Derived from the model by `graph-service schema --write`. Do not edit.

// Fund → Fund · known
UNWIND $keys AS key MATCH (b:Fund {fund_no: key[1]}) MATCH (b)<-[r:TRANSFERRED {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.fund_no, b.fund_no] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Fund → Fund · supersede
UNWIND $rows AS row MATCH (b:Fund {fund_no: row[1]}) MATCH (b)<-[r:TRANSFERRED {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Fund · create
UNWIND $rows AS row MATCH (b:Fund {fund_no: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:TRANSFERRED {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
