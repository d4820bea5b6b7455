// Derived from the model by `graph-service schema --write`. Do not edit.

// Enterprise · known
UNWIND $keys AS key MATCH (n:Enterprise {uscc: key}) MATCH (n)<-[:OF]-(s:EnterpriseState {superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.leading]]);

// Enterprise · supersede
UNWIND $rows AS row MATCH (n:Enterprise {uscc: row[0]}) MATCH (n)<-[:OF]-(s:EnterpriseState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Enterprise · create
UNWIND $rows AS row MERGE (n:Enterprise {uscc: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:EnterpriseState {name: row[3], leading: row[4], name_pinyin: row[5], name_initials: row[6], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
