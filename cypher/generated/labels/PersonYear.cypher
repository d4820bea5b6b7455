// Derived from the model by `graph-service schema --write`. Do not edit.

// PersonYear · known
UNWIND $keys AS key MATCH (o:Person {person_no: key[0]}) MATCH (o)<-[:OF]-(s:PersonYear {year: key[1], superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.card_no, s.relation, s.relation_text, s.registered, s.sex, s.sex_text, s.id_document, s.identity, s.document_kind, s.document_kind_text, s.document_fault, s.document_fault_text, s.document_sex, s.document_sex_text, s.born_on, s.ethnic_group, s.education, s.education_text, s.in_school, s.health, s.health_text, s.illness, s.labour, s.labour_text, s.insured, s.employee_insured, s.pension_insured, s.low_income, s.medical_aid, s.months_worked]]);

// PersonYear · supersede
UNWIND $rows AS row MATCH (o:Person {person_no: row[0]}) MATCH (o)<-[:OF]-(s:PersonYear {year: row[1], superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// PersonYear · create
UNWIND $rows AS row MATCH (o:Person {person_no: row[0]}) CREATE (o)<-[:OF]-(s:PersonYear {year: row[1], name: row[4], card_no: row[5], relation: row[6], relation_text: row[7], registered: row[8], sex: row[9], sex_text: row[10], id_document: row[11], identity: row[12], document_kind: row[13], document_kind_text: row[14], document_fault: row[15], document_fault_text: row[16], document_sex: row[17], document_sex_text: row[18], born_on: row[19], ethnic_group: row[20], education: row[21], education_text: row[22], in_school: row[23], health: row[24], health_text: row[25], illness: row[26], labour: row[27], labour_text: row[28], insured: row[29], employee_insured: row[30], pension_insured: row[31], low_income: row[32], medical_aid: row[33], months_worked: row[34], name_pinyin: row[35], name_initials: row[36], since: row[1] * 10000 + 101, until: row[1] * 10000 + 1231, recorded: $seq, superseded: $open, source: row[2], replaced: row[3]});
