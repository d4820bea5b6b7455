// Derived from the model by `graph-service schema --write`. Do not edit.

// Inspection · known
UNWIND $keys AS key MATCH (n:Inspection {inspection_no: key}) MATCH (n)<-[:OF]-(s:InspectionState {superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.held_on]]);

// Inspection · supersede
UNWIND $rows AS row MATCH (n:Inspection {inspection_no: row[0]}) MATCH (n)<-[:OF]-(s:InspectionState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Inspection · create
UNWIND $rows AS row MERGE (n:Inspection {inspection_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:InspectionState {name: row[3], held_on: row[4], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
