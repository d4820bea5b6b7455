// Derived from the model by `graph-service schema --write`. Do not edit.

// MedicalCost · known
UNWIND $keys AS key MATCH (s:MedicalCost {cost_no: key, superseded: $open}) RETURN collect([key, s.recorded, [s.paid_on, s.cost, s.insured, s.own]]);

// MedicalCost · supersede
UNWIND $rows AS row MATCH (s:MedicalCost {cost_no: row[0], superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// MedicalCost · create
UNWIND $rows AS row CREATE (s:MedicalCost {cost_no: row[0], paid_on: row[3], cost: row[4], insured: row[5], own: row[6], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
