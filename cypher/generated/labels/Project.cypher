// Derived from the model by `graph-service schema --write`. Do not edit.

// Project · known
UNWIND $keys AS key MATCH (n:Project {project_no: key}) MATCH (n)<-[:OF]-(s:ProjectState {superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.kind, s.kind_text]]);

// Project · supersede
UNWIND $rows AS row MATCH (n:Project {project_no: row[0]}) MATCH (n)<-[:OF]-(s:ProjectState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Project · create
UNWIND $rows AS row MERGE (n:Project {project_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:ProjectState {name: row[3], kind: row[4], kind_text: row[5], name_pinyin: row[6], name_initials: row[7], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
