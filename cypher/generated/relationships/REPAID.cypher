// Derived from the model by `graph-service schema --write`. Do not edit.

// Enterprise → Fund · known
UNWIND $keys AS key MATCH (a:Enterprise {uscc: key[0]}) MATCH (a)-[r:REPAID {voucher: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.uscc, coalesce(b.fund_no, b.bank_no)] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Enterprise → Fund · supersede
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (a)-[r:REPAID {voucher: row[7], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Fund · create
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (b:Fund {fund_no: row[1]}) CREATE (a)-[r:REPAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Enterprise → Bank · known
UNWIND $keys AS key MATCH (a:Enterprise {uscc: key[0]}) MATCH (a)-[r:REPAID {voucher: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.uscc, coalesce(b.fund_no, b.bank_no)] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Enterprise → Bank · supersede
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (a)-[r:REPAID {voucher: row[7], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Bank · create
UNWIND $rows AS row MATCH (a:Enterprise {uscc: row[0]}) MATCH (b:Bank {bank_no: row[1]}) CREATE (a)-[r:REPAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Fund · known
UNWIND $keys AS key MATCH (a:Cooperative {uscc: key[0]}) MATCH (a)-[r:REPAID {voucher: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.uscc, coalesce(b.fund_no, b.bank_no)] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Cooperative → Fund · supersede
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (a)-[r:REPAID {voucher: row[7], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Fund · create
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (b:Fund {fund_no: row[1]}) CREATE (a)-[r:REPAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Bank · known
UNWIND $keys AS key MATCH (a:Cooperative {uscc: key[0]}) MATCH (a)-[r:REPAID {voucher: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.uscc, coalesce(b.fund_no, b.bank_no)] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Cooperative → Bank · supersede
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (a)-[r:REPAID {voucher: row[7], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Bank · create
UNWIND $rows AS row MATCH (a:Cooperative {uscc: row[0]}) MATCH (b:Bank {bank_no: row[1]}) CREATE (a)-[r:REPAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Bank → Fund · known
UNWIND $keys AS key MATCH (a:Bank {bank_no: key[0]}) MATCH (a)-[r:REPAID {voucher: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.bank_no, coalesce(b.fund_no, b.bank_no)] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Bank → Fund · supersede
UNWIND $rows AS row MATCH (a:Bank {bank_no: row[0]}) MATCH (a)-[r:REPAID {voucher: row[7], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Bank → Fund · create
UNWIND $rows AS row MATCH (a:Bank {bank_no: row[0]}) MATCH (b:Fund {fund_no: row[1]}) CREATE (a)-[r:REPAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Bank → Bank · known
UNWIND $keys AS key MATCH (a:Bank {bank_no: key[0]}) MATCH (a)-[r:REPAID {voucher: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.bank_no, coalesce(b.fund_no, b.bank_no)] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Bank → Bank · supersede
UNWIND $rows AS row MATCH (a:Bank {bank_no: row[0]}) MATCH (a)-[r:REPAID {voucher: row[7], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Bank → Bank · create
UNWIND $rows AS row MATCH (a:Bank {bank_no: row[0]}) MATCH (b:Bank {bank_no: row[1]}) CREATE (a)-[r:REPAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Household → Fund · known
UNWIND $keys AS key MATCH (a:Household {card_no: key[0]}) MATCH (a)-[r:REPAID {voucher: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.card_no, coalesce(b.fund_no, b.bank_no)] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Household → Fund · supersede
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (a)-[r:REPAID {voucher: row[7], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Household → Fund · create
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (b:Fund {fund_no: row[1]}) CREATE (a)-[r:REPAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Household → Bank · known
UNWIND $keys AS key MATCH (a:Household {card_no: key[0]}) MATCH (a)-[r:REPAID {voucher: key[2], superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.card_no, coalesce(b.fund_no, b.bank_no)] + [r.since, r.until, r.amount, r.voucher, r.corrects]]);

// Household → Bank · supersede
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (a)-[r:REPAID {voucher: row[7], superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Household → Bank · create
UNWIND $rows AS row MATCH (a:Household {card_no: row[0]}) MATCH (b:Bank {bank_no: row[1]}) CREATE (a)-[r:REPAID {since: row[2], until: row[3], amount: row[6], voucher: row[7], corrects: row[8], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
