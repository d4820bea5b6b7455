// Derived from the model by `graph-service schema --write`. Do not edit.

// Enterprise → Person · known
UNWIND $keys AS key MATCH (b:Person {person_no: key[1]}) MATCH (b)<-[r:EMPLOYS {since: key[2], superseded: $open}]-(a:Enterprise {uscc: key[0]}) RETURN collect([key, r.recorded, [a.uscc, b.person_no] + [r.since, r.until, r.wage]]);

// Enterprise → Person · supersede
UNWIND $rows AS row MATCH (b:Person {person_no: row[1]}) MATCH (b)<-[r:EMPLOYS {since: row[2], superseded: $open}]-(a:Enterprise {uscc: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Person · create
UNWIND $rows AS row MATCH (b:Person {person_no: row[1]}) MATCH (a:Enterprise {uscc: row[0]}) CREATE (a)-[r:EMPLOYS {since: row[2], until: row[3], wage: row[6], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Person · known
UNWIND $keys AS key MATCH (b:Person {person_no: key[1]}) MATCH (b)<-[r:EMPLOYS {since: key[2], superseded: $open}]-(a:Cooperative {uscc: key[0]}) RETURN collect([key, r.recorded, [a.uscc, b.person_no] + [r.since, r.until, r.wage]]);

// Cooperative → Person · supersede
UNWIND $rows AS row MATCH (b:Person {person_no: row[1]}) MATCH (b)<-[r:EMPLOYS {since: row[2], superseded: $open}]-(a:Cooperative {uscc: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Person · create
UNWIND $rows AS row MATCH (b:Person {person_no: row[1]}) MATCH (a:Cooperative {uscc: row[0]}) CREATE (a)-[r:EMPLOYS {since: row[2], until: row[3], wage: row[6], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
