// Derived from the model by `graph-service schema --write`. Do not edit.

// Department · known
UNWIND $keys AS key MATCH (n:Department {department_no: key}) MATCH (n)<-[:OF]-(s:DepartmentState {superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.level, s.level_text, s.dissolved_on]]);

// Department · supersede
UNWIND $rows AS row MATCH (n:Department {department_no: row[0]}) MATCH (n)<-[:OF]-(s:DepartmentState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Department · create
UNWIND $rows AS row MERGE (n:Department {department_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:DepartmentState {name: row[3], level: row[4], level_text: row[5], dissolved_on: row[6], name_pinyin: row[7], name_initials: row[8], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
