// Derived from the model by `graph-service schema --write`. Do not edit.

// Fund → Person · known
UNWIND $keys AS key MATCH (b:Person {person_no: key[1]}) MATCH (b)<-[r:DISBURSED {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.fund_no, b.person_no] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Fund → Person · supersede
UNWIND $rows AS row MATCH (b:Person {person_no: row[1]}) MATCH (b)<-[r:DISBURSED {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Person · create
UNWIND $rows AS row MATCH (b:Person {person_no: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:DISBURSED {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Fund → Village · known
UNWIND $keys AS key MATCH (b:Village {code: key[1]}) MATCH (b)<-[r:DISBURSED {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.fund_no, b.code] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Fund → Village · supersede
UNWIND $rows AS row MATCH (b:Village {code: row[1]}) MATCH (b)<-[r:DISBURSED {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Village · create
UNWIND $rows AS row MATCH (b:Village {code: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:DISBURSED {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
