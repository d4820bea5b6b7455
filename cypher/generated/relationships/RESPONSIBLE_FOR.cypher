// Derived from the model by `graph-service schema --write`. Do not edit.

// Cadre → Problem · known
UNWIND $keys AS key MATCH (b:Problem {problem_no: key[1]}) MATCH (b)<-[r:RESPONSIBLE_FOR {since: key[2], superseded: $open}]-(a:Cadre {cadre_no: key[0]}) RETURN collect([key, r.recorded, [a.cadre_no, b.problem_no] + [r.since, r.until, r.due]]);

// Cadre → Problem · supersede
UNWIND $rows AS row MATCH (b:Problem {problem_no: row[1]}) MATCH (b)<-[r:RESPONSIBLE_FOR {since: row[2], superseded: $open}]-(a:Cadre {cadre_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cadre → Problem · create
UNWIND $rows AS row MATCH (b:Problem {problem_no: row[1]}) MATCH (a:Cadre {cadre_no: row[0]}) CREATE (a)-[r:RESPONSIBLE_FOR {since: row[2], until: row[3], due: row[6], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Department → Problem · known
UNWIND $keys AS key MATCH (b:Problem {problem_no: key[1]}) MATCH (b)<-[r:RESPONSIBLE_FOR {since: key[2], superseded: $open}]-(a:Department {department_no: key[0]}) RETURN collect([key, r.recorded, [a.department_no, b.problem_no] + [r.since, r.until, r.due]]);

// Department → Problem · supersede
UNWIND $rows AS row MATCH (b:Problem {problem_no: row[1]}) MATCH (b)<-[r:RESPONSIBLE_FOR {since: row[2], superseded: $open}]-(a:Department {department_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Department → Problem · create
UNWIND $rows AS row MATCH (b:Problem {problem_no: row[1]}) MATCH (a:Department {department_no: row[0]}) CREATE (a)-[r:RESPONSIBLE_FOR {since: row[2], until: row[3], due: row[6], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
