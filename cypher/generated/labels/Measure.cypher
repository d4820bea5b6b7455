// Derived from the model by `graph-service schema --write`. Do not edit.

// Measure · known
UNWIND $keys AS key MATCH (n:Measure {measure_no: key}) MATCH (n)<-[:OF]-(s:MeasureState {superseded: $open}) RETURN collect([key, s.recorded, [s.kind, s.kind_text, s.content, s.amount, s.starts_on, s.ends_on, s.moved_in_on]]);

// Measure · supersede
UNWIND $rows AS row MATCH (n:Measure {measure_no: row[0]}) MATCH (n)<-[:OF]-(s:MeasureState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Measure · create
UNWIND $rows AS row MERGE (n:Measure {measure_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:MeasureState {kind: row[3], kind_text: row[4], content: row[5], amount: row[6], starts_on: row[7], ends_on: row[8], moved_in_on: row[9], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
