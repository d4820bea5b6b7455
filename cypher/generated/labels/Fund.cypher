// Derived from the model by `graph-service schema --write`. Do not edit.

// Fund · known
UNWIND $keys AS key MATCH (n:Fund {fund_no: key}) MATCH (n)<-[:OF]-(s:FundState {superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.kind, s.kind_text, s.level, s.level_text, s.year, s.amount]]);

// Fund · supersede
UNWIND $rows AS row MATCH (n:Fund {fund_no: row[0]}) MATCH (n)<-[:OF]-(s:FundState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Fund · create
UNWIND $rows AS row MERGE (n:Fund {fund_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:FundState {name: row[3], kind: row[4], kind_text: row[5], level: row[6], level_text: row[7], year: row[8], amount: row[9], name_pinyin: row[10], name_initials: row[11], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
