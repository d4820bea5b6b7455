// Derived from the model by `graph-service schema --write`. Do not edit.

// PersonYear · known
UNWIND $keys AS key MATCH (o:Person {person_no: key[0]}) MATCH (o)<-[:OF]-(s:PersonYear {year: key[1], superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.registered, s.sex, s.sex_text, s.id_document, s.identity, s.document_kind, s.document_kind_text, s.document_fault, s.document_fault_text, s.document_sex, s.document_sex_text, s.born_on, s.ethnic_group, s.education, s.education_text, s.in_school, s.health, s.health_text, s.illness, s.labour, s.labour_text, s.insured, s.employee_insured, s.pension_insured, s.low_income, s.medical_aid, s.months_worked]]);

// PersonYear · supersede
UNWIND $rows AS row MATCH (o:Person {person_no: row[0]}) MATCH (o)<-[:OF]-(s:PersonYear {year: row[1], superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// PersonYear · create
UNWIND $rows AS row MATCH (o:Person {person_no: row[0]}) CREATE (o)<-[:OF]-(s:PersonYear {year: row[1], name: row[4], registered: row[5], sex: row[6], sex_text: row[7], id_document: row[8], identity: row[9], document_kind: row[10], document_kind_text: row[11], document_fault: row[12], document_fault_text: row[13], document_sex: row[14], document_sex_text: row[15], born_on: row[16], ethnic_group: row[17], education: row[18], education_text: row[19], in_school: row[20], health: row[21], health_text: row[22], illness: row[23], labour: row[24], labour_text: row[25], insured: row[26], employee_insured: row[27], pension_insured: row[28], low_income: row[29], medical_aid: row[30], months_worked: row[31], name_pinyin: row[32], name_initials: row[33], since: row[1] * 10000 + 101, until: row[1] * 10000 + 1231, recorded: $seq, superseded: $open, source: row[2], replaced: row[3]});
