// Derived from the model by `graph-service schema --write`. Do not edit.

// Department → Measure · known
UNWIND $keys AS key MATCH (b:Measure {measure_no: key[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.department_no, a.uscc), b.measure_no] + [r.since, r.until]]);

// Department → Measure · supersede
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Department → Measure · create
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (a:Department {department_no: row[0]}) CREATE (a)-[r:IMPLEMENTS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Department → Project · known
UNWIND $keys AS key MATCH (b:Project {project_no: key[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.department_no, a.uscc), b.project_no] + [r.since, r.until]]);

// Department → Project · supersede
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Department → Project · create
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (a:Department {department_no: row[0]}) CREATE (a)-[r:IMPLEMENTS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Enterprise → Measure · known
UNWIND $keys AS key MATCH (b:Measure {measure_no: key[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.department_no, a.uscc), b.measure_no] + [r.since, r.until]]);

// Enterprise → Measure · supersede
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Measure · create
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (a:Enterprise {uscc: row[0]}) CREATE (a)-[r:IMPLEMENTS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Enterprise → Project · known
UNWIND $keys AS key MATCH (b:Project {project_no: key[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.department_no, a.uscc), b.project_no] + [r.since, r.until]]);

// Enterprise → Project · supersede
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Enterprise → Project · create
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (a:Enterprise {uscc: row[0]}) CREATE (a)-[r:IMPLEMENTS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Measure · known
UNWIND $keys AS key MATCH (b:Measure {measure_no: key[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.department_no, a.uscc), b.measure_no] + [r.since, r.until]]);

// Cooperative → Measure · supersede
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Measure · create
UNWIND $rows AS row MATCH (b:Measure {measure_no: row[1]}) MATCH (a:Cooperative {uscc: row[0]}) CREATE (a)-[r:IMPLEMENTS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cooperative → Project · known
UNWIND $keys AS key MATCH (b:Project {project_no: key[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) RETURN collect([key, r.recorded, [coalesce(a.department_no, a.uscc), b.project_no] + [r.since, r.until]]);

// Cooperative → Project · supersede
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (b)<-[r:IMPLEMENTS {superseded: $open}]-(a) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cooperative → Project · create
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (a:Cooperative {uscc: row[0]}) CREATE (a)-[r:IMPLEMENTS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
