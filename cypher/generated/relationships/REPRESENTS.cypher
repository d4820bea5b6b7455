// Derived from the model by `graph-service schema --write`. Do not edit.

// Person → Enterprise · known
UNWIND $keys AS key MATCH (a:Person {person_no: key[0]}) MATCH (a)-[r:REPRESENTS {superseded: $open}]->(b:Enterprise {uscc: key[1]}) RETURN collect([key, r.recorded, [a.person_no, b.uscc] + [r.since, r.until]]);

// Person → Enterprise · supersede
UNWIND $rows AS row MATCH (a:Person {person_no: row[0]}) MATCH (a)-[r:REPRESENTS {superseded: $open}]->(b:Enterprise {uscc: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Person → Enterprise · create
UNWIND $rows AS row MATCH (a:Person {person_no: row[0]}) MATCH (b:Enterprise {uscc: row[1]}) CREATE (a)-[r:REPRESENTS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Person → Cooperative · known
UNWIND $keys AS key MATCH (a:Person {person_no: key[0]}) MATCH (a)-[r:REPRESENTS {superseded: $open}]->(b:Cooperative {uscc: key[1]}) RETURN collect([key, r.recorded, [a.person_no, b.uscc] + [r.since, r.until]]);

// Person → Cooperative · supersede
UNWIND $rows AS row MATCH (a:Person {person_no: row[0]}) MATCH (a)-[r:REPRESENTS {superseded: $open}]->(b:Cooperative {uscc: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Person → Cooperative · create
UNWIND $rows AS row MATCH (a:Person {person_no: row[0]}) MATCH (b:Cooperative {uscc: row[1]}) CREATE (a)-[r:REPRESENTS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
