// Derived from the model by `graph-service schema --write`. Do not edit.

// Fund → Household · known
UNWIND $keys AS key MATCH (b:Household {card_no: key[1]}) MATCH (b)<-[r:GRANTED {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [a.fund_no, b.card_no] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Fund → Household · supersede
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (b)<-[r:GRANTED {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Household · create
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:GRANTED {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
