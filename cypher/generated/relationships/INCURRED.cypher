// Derived from the model by `graph-service schema --write`. Do not edit.

// Person → MedicalCost · known
UNWIND $keys AS key MATCH (b:MedicalCost {cost_no: key[1]}) MATCH (b)<-[r:INCURRED {superseded: $open}]-(a:Person {person_no: key[0]}) RETURN collect([key, r.recorded, [a.person_no, b.cost_no] + [r.since, r.until]]);

// Person → MedicalCost · supersede
UNWIND $rows AS row MATCH (b:MedicalCost {cost_no: row[1]}) MATCH (b)<-[r:INCURRED {superseded: $open}]-(a:Person {person_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Person → MedicalCost · create
UNWIND $rows AS row MATCH (b:MedicalCost {cost_no: row[1]}) MATCH (a:Person {person_no: row[0]}) CREATE (a)-[r:INCURRED {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
