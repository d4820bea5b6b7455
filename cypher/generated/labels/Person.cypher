// Derived from the model by `graph-service schema --write`. Do not edit.

// Person · known
UNWIND $keys AS key MATCH (n:Person {person_no: key}) RETURN collect([key, n.recorded, []]);

// Person · create
UNWIND $rows AS row MERGE (n:Person {person_no: row[0]}) ON CREATE SET n.recorded = $seq;
