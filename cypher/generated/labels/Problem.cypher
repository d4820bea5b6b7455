// Derived from the model by `graph-service schema --write`. Do not edit.

// Problem · known
UNWIND $keys AS key MATCH (n:Problem {problem_no: key}) MATCH (n)<-[:OF]-(s:ProblemState {superseded: $open}) RETURN collect([key, s.recorded, [s.content, s.state, s.state_text, s.closed_on, s.evidence, s.note]]);

// Problem · supersede
UNWIND $rows AS row MATCH (n:Problem {problem_no: row[0]}) MATCH (n)<-[:OF]-(s:ProblemState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Problem · create
UNWIND $rows AS row MERGE (n:Problem {problem_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:ProblemState {content: row[3], state: row[4], state_text: row[5], closed_on: row[6], evidence: row[7], note: row[8], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
