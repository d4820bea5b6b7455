// Derived from the model by `graph-service schema --write`. Do not edit.

// Department → Village · known
UNWIND $keys AS key MATCH (b:Village {code: key[1]}) MATCH (b)<-[r:ASSISTS {since: key[2], superseded: $open}]-(a:Department {department_no: key[0]}) RETURN collect([key, r.recorded, [a.department_no, b.code] + [r.since, r.until]]);

// Department → Village · supersede
UNWIND $rows AS row MATCH (b:Village {code: row[1]}) MATCH (b)<-[r:ASSISTS {since: row[2], superseded: $open}]-(a:Department {department_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Department → Village · create
UNWIND $rows AS row MATCH (b:Village {code: row[1]}) MATCH (a:Department {department_no: row[0]}) CREATE (a)-[r:ASSISTS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
