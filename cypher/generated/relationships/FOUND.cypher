// Derived from the model by `graph-service schema --write`. Do not edit.

// Inspection → Problem · known
UNWIND $keys AS key MATCH (b:Problem {problem_no: key[1]}) MATCH (b)<-[r:FOUND {superseded: $open}]-(a:Inspection {inspection_no: key[0]}) RETURN collect([key, r.recorded, [a.inspection_no, b.problem_no] + [r.since, r.until]]);

// Inspection → Problem · supersede
UNWIND $rows AS row MATCH (b:Problem {problem_no: row[1]}) MATCH (b)<-[r:FOUND {superseded: $open}]-(a:Inspection {inspection_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Inspection → Problem · create
UNWIND $rows AS row MATCH (b:Problem {problem_no: row[1]}) MATCH (a:Inspection {inspection_no: row[0]}) CREATE (a)-[r:FOUND {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
