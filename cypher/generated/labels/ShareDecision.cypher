// Derived from the model by `graph-service schema --write`. Do not edit.

// ShareDecision · known
UNWIND $keys AS key MATCH (n:ShareDecision {decision_no: key}) MATCH (n)<-[:OF]-(s:ShareDecisionState {superseded: $open}) RETURN collect([key, s.recorded, [s.act, s.act_text, s.decided_on, s.reason]]);

// ShareDecision · supersede
UNWIND $rows AS row MATCH (n:ShareDecision {decision_no: row[0]}) MATCH (n)<-[:OF]-(s:ShareDecisionState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// ShareDecision · create
UNWIND $rows AS row MERGE (n:ShareDecision {decision_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:ShareDecisionState {act: row[3], act_text: row[4], decided_on: row[5], reason: row[6], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
