// Derived from the model by `graph-service schema --write`. Do not edit.

// Cadre → Department · known
UNWIND $keys AS key MATCH (a:Cadre {cadre_no: key[0]}) MATCH (a)-[r:WORKS_FOR {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.cadre_no, b.department_no] + [r.since, r.until]]);

// Cadre → Department · supersede
UNWIND $rows AS row MATCH (a:Cadre {cadre_no: row[0]}) MATCH (a)-[r:WORKS_FOR {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cadre → Department · create
UNWIND $rows AS row MATCH (a:Cadre {cadre_no: row[0]}) MATCH (b:Department {department_no: row[1]}) CREATE (a)-[r:WORKS_FOR {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
