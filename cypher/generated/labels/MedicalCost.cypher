// Derived from the model by `graph-service schema --write`. Do not edit.

// MedicalCost · known
UNWIND $keys AS key MATCH (n:MedicalCost {cost_no: key}) MATCH (n)<-[:OF]-(s:MedicalCostState {superseded: $open}) RETURN collect([key, s.recorded, [s.paid_on, s.cost, s.insured, s.own]]);

// MedicalCost · supersede
UNWIND $rows AS row MATCH (n:MedicalCost {cost_no: row[0]}) MATCH (n)<-[:OF]-(s:MedicalCostState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// MedicalCost · create
UNWIND $rows AS row MERGE (n:MedicalCost {cost_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:MedicalCostState {paid_on: row[3], cost: row[4], insured: row[5], own: row[6], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
