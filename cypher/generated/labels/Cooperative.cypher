// Derived from the model by `graph-service schema --write`. Do not edit.

// Cooperative · known
UNWIND $keys AS key MATCH (n:Cooperative {uscc: key}) MATCH (n)<-[:OF]-(s:CooperativeState {superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.land_share]]);

// Cooperative · supersede
UNWIND $rows AS row MATCH (n:Cooperative {uscc: row[0]}) MATCH (n)<-[:OF]-(s:CooperativeState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Cooperative · create
UNWIND $rows AS row MERGE (n:Cooperative {uscc: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:CooperativeState {name: row[3], land_share: row[4], name_pinyin: row[5], name_initials: row[6], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
