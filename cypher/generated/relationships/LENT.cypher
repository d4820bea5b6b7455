// Derived from the model by `graph-service schema --write`. Do not edit.

// Fund → Enterprise · known
UNWIND $keys AS key MATCH (b:Enterprise {uscc: key[1]}) MATCH (b)<-[r:LENT {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.fund_no, a.bank_no), b.uscc] + [r.since, r.until, r.amount, r.voucher, r.due, r.corrects]]);

// Fund → Enterprise · supersede
UNWIND $rows AS row MATCH (b:Enterprise {uscc: row[1]}) MATCH (b)<-[r:LENT {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Enterprise · create
UNWIND $rows AS row MATCH (b:Enterprise {uscc: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:LENT {since: row[2], until: row[3], amount: row[6], voucher: row[7], due: row[8], corrects: row[9], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Fund → Cooperative · known
UNWIND $keys AS key MATCH (b:Cooperative {uscc: key[1]}) MATCH (b)<-[r:LENT {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.fund_no, a.bank_no), b.uscc] + [r.since, r.until, r.amount, r.voucher, r.due, r.corrects]]);

// Fund → Cooperative · supersede
UNWIND $rows AS row MATCH (b:Cooperative {uscc: row[1]}) MATCH (b)<-[r:LENT {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Cooperative · create
UNWIND $rows AS row MATCH (b:Cooperative {uscc: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:LENT {since: row[2], until: row[3], amount: row[6], voucher: row[7], due: row[8], corrects: row[9], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Fund → Bank · known
UNWIND $keys AS key MATCH (b:Bank {bank_no: key[1]}) MATCH (b)<-[r:LENT {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.fund_no, a.bank_no), b.bank_no] + [r.since, r.until, r.amount, r.voucher, r.due, r.corrects]]);

// Fund → Bank · supersede
UNWIND $rows AS row MATCH (b:Bank {bank_no: row[1]}) MATCH (b)<-[r:LENT {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Bank · create
UNWIND $rows AS row MATCH (b:Bank {bank_no: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:LENT {since: row[2], until: row[3], amount: row[6], voucher: row[7], due: row[8], corrects: row[9], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Fund → Household · known
UNWIND $keys AS key MATCH (b:Household {card_no: key[1]}) MATCH (b)<-[r:LENT {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.fund_no, a.bank_no), b.card_no] + [r.since, r.until, r.amount, r.voucher, r.due, r.corrects]]);

// Fund → Household · supersede
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (b)<-[r:LENT {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Fund → Household · create
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (a:Fund {fund_no: row[0]}) CREATE (a)-[r:LENT {since: row[2], until: row[3], amount: row[6], voucher: row[7], due: row[8], corrects: row[9], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Bank → Enterprise · known
UNWIND $keys AS key MATCH (b:Enterprise {uscc: key[1]}) MATCH (b)<-[r:LENT {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.fund_no, a.bank_no), b.uscc] + [r.since, r.until, r.amount, r.voucher, r.due, r.corrects]]);

// Bank → Enterprise · supersede
UNWIND $rows AS row MATCH (b:Enterprise {uscc: row[1]}) MATCH (b)<-[r:LENT {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Bank → Enterprise · create
UNWIND $rows AS row MATCH (b:Enterprise {uscc: row[1]}) MATCH (a:Bank {bank_no: row[0]}) CREATE (a)-[r:LENT {since: row[2], until: row[3], amount: row[6], voucher: row[7], due: row[8], corrects: row[9], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Bank → Cooperative · known
UNWIND $keys AS key MATCH (b:Cooperative {uscc: key[1]}) MATCH (b)<-[r:LENT {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.fund_no, a.bank_no), b.uscc] + [r.since, r.until, r.amount, r.voucher, r.due, r.corrects]]);

// Bank → Cooperative · supersede
UNWIND $rows AS row MATCH (b:Cooperative {uscc: row[1]}) MATCH (b)<-[r:LENT {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Bank → Cooperative · create
UNWIND $rows AS row MATCH (b:Cooperative {uscc: row[1]}) MATCH (a:Bank {bank_no: row[0]}) CREATE (a)-[r:LENT {since: row[2], until: row[3], amount: row[6], voucher: row[7], due: row[8], corrects: row[9], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Bank → Bank · known
UNWIND $keys AS key MATCH (b:Bank {bank_no: key[1]}) MATCH (b)<-[r:LENT {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.fund_no, a.bank_no), b.bank_no] + [r.since, r.until, r.amount, r.voucher, r.due, r.corrects]]);

// Bank → Bank · supersede
UNWIND $rows AS row MATCH (b:Bank {bank_no: row[1]}) MATCH (b)<-[r:LENT {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Bank → Bank · create
UNWIND $rows AS row MATCH (b:Bank {bank_no: row[1]}) MATCH (a:Bank {bank_no: row[0]}) CREATE (a)-[r:LENT {since: row[2], until: row[3], amount: row[6], voucher: row[7], due: row[8], corrects: row[9], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Bank → Household · known
UNWIND $keys AS key MATCH (b:Household {card_no: key[1]}) MATCH (b)<-[r:LENT {voucher: key[2], superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.fund_no, a.bank_no), b.card_no] + [r.since, r.until, r.amount, r.voucher, r.due, r.corrects]]);

// Bank → Household · supersede
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (b)<-[r:LENT {voucher: row[7], superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Bank → Household · create
UNWIND $rows AS row MATCH (b:Household {card_no: row[1]}) MATCH (a:Bank {bank_no: row[0]}) CREATE (a)-[r:LENT {since: row[2], until: row[3], amount: row[6], voucher: row[7], due: row[8], corrects: row[9], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
