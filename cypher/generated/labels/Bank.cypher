// Derived from the model by `graph-service schema --write`. Do not edit.

// Bank · known
UNWIND $keys AS key MATCH (n:Bank {bank_no: key}) MATCH (n)<-[:OF]-(s:BankState {superseded: $open}) RETURN collect([key, s.recorded, [s.name]]);

// Bank · supersede
UNWIND $rows AS row MATCH (n:Bank {bank_no: row[0]}) MATCH (n)<-[:OF]-(s:BankState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Bank · create
UNWIND $rows AS row MERGE (n:Bank {bank_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:BankState {name: row[3], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
