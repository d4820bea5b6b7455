// Derived from the model by `graph-service schema --write`. Do not edit.

// Household → Measure · known
UNWIND $keys AS key MATCH (b:Measure {measure_no: key[1]}) MATCH (b)<-[r:RECEIVES {superseded: $open}]-(a:Household {card_no: key[0]}) RETURN collect([key, r.recorded, [a.card_no, b.measure_no] + [r.since, r.until]]);

// Household → Measure · supersede
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (b)<-[r:RECEIVES {superseded: $open}]-(a:Household {card_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Household → Measure · create
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (a:Household {card_no: row[0]}) CREATE (a)-[r:RECEIVES {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Person → Measure · known
UNWIND $keys AS key MATCH (b:Measure {measure_no: key[1]}) MATCH (b)<-[r:RECEIVES {superseded: $open}]-(a:Person {person_no: key[0]}) RETURN collect([key, r.recorded, [a.person_no, b.measure_no] + [r.since, r.until]]);

// Person → Measure · supersede
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (b)<-[r:RECEIVES {superseded: $open}]-(a:Person {person_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Person → Measure · create
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (a:Person {person_no: row[0]}) CREATE (a)-[r:RECEIVES {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
