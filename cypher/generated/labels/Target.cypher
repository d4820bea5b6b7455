// Derived from the model by `graph-service schema --write`. Do not edit.

// Target · known
UNWIND $keys AS key MATCH (n:Target {target_no: key}) MATCH (n)<-[:OF]-(s:TargetState {superseded: $open}) RETURN collect([key, s.recorded, [s.year, s.indicator, s.number]]);

// Target · supersede
UNWIND $rows AS row MATCH (n:Target {target_no: row[0]}) MATCH (n)<-[:OF]-(s:TargetState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Target · create
UNWIND $rows AS row MERGE (n:Target {target_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:TargetState {year: row[3], indicator: row[4], number: row[5], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
