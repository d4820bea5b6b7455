// Derived from the model by `graph-service schema --write`. Do not edit.

// Fund → Measure · known
UNWIND $keys AS key MATCH (b:Measure {measure_no: key[1]}) MATCH (b)<-[r:PAYS {superseded: $open}]-(a:Fund {fund_no: key[0]}) RETURN collect([key, r.recorded, [a.fund_no, b.measure_no] + [r.since, r.until, r.voucher, r.paid_on, r.payee]]);

// Fund → Measure · supersede
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (b)<-[r:PAYS {superseded: $open}]-(a:Fund {fund_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Measure · create
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:PAYS {since: row[2], until: row[3], voucher: row[6], paid_on: row[7], payee: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
