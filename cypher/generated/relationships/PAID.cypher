// Derived from the model by `graph-service schema --write`. Do not edit.

// Distribution → Household · known
UNWIND $keys AS key MATCH (b:Household {card_no: key[1]}) MATCH (b)<-[r:PAID {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.distribution_no, b.card_no] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Distribution → Household · supersede
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (b)<-[r:PAID {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Distribution → Household · create
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (a:Distribution {distribution_no: row[0]}) CREATE (a)-[r:PAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Distribution → Person · known
UNWIND $keys AS key MATCH (b:Person {person_no: key[1]}) MATCH (b)<-[r:PAID {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.distribution_no, b.person_no] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Distribution → Person · supersede
UNWIND $rows AS row MATCH (b:Person {person_no: row[1]}) MATCH (b)<-[r:PAID {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Distribution → Person · create
UNWIND $rows AS row MATCH (b:Person {person_no: row[1]}) MATCH (a:Distribution {distribution_no: row[0]}) CREATE (a)-[r:PAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Distribution → Village · known
UNWIND $keys AS key MATCH (b:Village {code: key[1]}) MATCH (b)<-[r:PAID {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.distribution_no, b.code] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Distribution → Village · supersede
UNWIND $rows AS row MATCH (b:Village {code: row[1]}) MATCH (b)<-[r:PAID {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Distribution → Village · create
UNWIND $rows AS row MATCH (b:Village {code: row[1]}) MATCH (a:Distribution {distribution_no: row[0]}) CREATE (a)-[r:PAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Distribution → Enterprise · known
UNWIND $keys AS key MATCH (b:Enterprise {uscc: key[1]}) MATCH (b)<-[r:PAID {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.distribution_no, b.uscc] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Distribution → Enterprise · supersede
UNWIND $rows AS row MATCH (b:Enterprise {uscc: row[1]}) MATCH (b)<-[r:PAID {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Distribution → Enterprise · create
UNWIND $rows AS row MATCH (b:Enterprise {uscc: row[1]}) MATCH (a:Distribution {distribution_no: row[0]}) CREATE (a)-[r:PAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Distribution → Cooperative · known
UNWIND $keys AS key MATCH (b:Cooperative {uscc: key[1]}) MATCH (b)<-[r:PAID {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.distribution_no, b.uscc] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Distribution → Cooperative · supersede
UNWIND $rows AS row MATCH (b:Cooperative {uscc: row[1]}) MATCH (b)<-[r:PAID {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Distribution → Cooperative · create
UNWIND $rows AS row MATCH (b:Cooperative {uscc: row[1]}) MATCH (a:Distribution {distribution_no: row[0]}) CREATE (a)-[r:PAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
