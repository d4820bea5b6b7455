"""The tree of expected errors. Each has a stable code and states, in Chinese and English, what is wrong and how to correct it.

GraphServiceError
├── SettingInvalid            a setting has a value that cannot be used
│   ├── SignInMissing         the service would be open to other machines
│   └── ManifestInvalid       a manifest of trusted documents is invalid
├── RotationNeeded            confidential values are not all sealed with one key
├── RuleInvalid               a rule file has a value that cannot be used
├── EngineError               the graph engine
│   ├── EngineUnavailable     cannot be reached or started
│   │   └── EngineUnresponsive  is reached but does not respond
│   ├── EngineBusy            another process uses what is needed
│   │   ├── ImportRunning     another writer is at work
│   │   └── LeaseLost         another writer has taken over from one that did not renew its lease
│   ├── EngineConflict        another request worked on the same data
│   ├── RequestAbandoned      the client disconnected, and the statement was cancelled
│   ├── StatementTimeout      a statement exceeded the time limit
│   │   └── ImportTimeout     a statement of an import or change did
│   └── StatementRefused      a statement that must not or cannot run
├── InputError                files of a delivery
│   ├── FileUnreadable        a file cannot be read
│   ├── MappingInvalid        the mapping file is invalid
│   ├── DeliveryRefused       a delivery cannot be imported as a whole
│   ├── DayUnknown            a delivery does not state the day of its collection
│   └── NothingToUndo
├── OutputRefused             a file that cannot be written
│   └── OutputExists          the file already exists
├── RequestError              a request that cannot be answered
│   ├── AreaUnknown
│   ├── VersionUnknown
│   ├── CursorInvalid
│   ├── ArgumentInvalid
│   ├── NotFound
│   │   └── RecordNotFound    or the caller may not see it, which is not disclosed
│   ├── MethodNotAllowed      a path that does not support the HTTP method
│   ├── TooManyPaths          more paths of money than can be followed
│   ├── CaseInvalid           a file that is not a sealed case, or was changed
│   ├── NothingPublished      no import has been published yet
│   ├── TableTooLong          more rows than a worksheet can hold
│   └── DocumentRefused       a GraphQL document or HTTP request that is too heavy or malformed
│       ├── DocumentUnknown   the id of a document that is in no manifest
│       └── DocumentUntrusted a document that is in no manifest, where only those are served
├── ChangeError               a change that is not made; returned as data
│   ├── ChangeInvalid         its input is invalid
│   ├── ChangeConflict        it conflicts with existing data or a running change
│   └── ChangeForbidden       the user is not permitted to make it
├── AccessError               a request that is not permitted
│   ├── NotSignedIn           the caller is not known
│   ├── AccessDenied          the caller does not have the right
│   ├── SignInOff             the service has no sign-in, and so no grants
│   ├── ApprovalsOff          no change of the service needs approval
│   ├── HostRefused           the request names a host that the service does not have
│   ├── OriginRefused         a page of another site sends the request
│   └── ProviderUnavailable   the identity provider cannot be reached
├── AccessDatabaseFailed      the database of grants, keys and sessions cannot be used
├── AuditLogFailed            an entry of the audit log cannot be written or read
│   ├── AuditAnchorFailed     its anchor cannot be written or read
│   └── AuditLogMissing       the API was started without an audit log
├── ServiceBusy               too many requests are waiting
│   └── RateExceeded          one caller sends or opens too much
├── StorageFull               there is no disk space for a temporary file
├── ApiError                  an error returned by the API, as reported by its client
├── CommandFailed             an unexpected error of a command: masked, details in its log
└── ServiceFailed             an unexpected error of the service: masked, details in the log under its trace
"""

from __future__ import annotations

from typing import ClassVar


class GraphServiceError(Exception):
    """Root of the tree.

    Keyword arguments fill the templates `zh` and `en`; they stay readable in `details`.
    """

    code: str = "FAILED"
    retryable: ClassVar[bool] = False
    """Whether the same request may succeed a little later."""
    zh: ClassVar[str] = "操作失败：{reason}"
    en: ClassVar[str] = "The operation failed: {reason}"
    public_zh: ClassVar[str] = ""
    """Message for users of the API, where `zh` has details that they should not see, such as addresses and messages of an engine."""
    public_en: ClassVar[str] = ""

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(f"{self.message_zh} / {self.message_en}")

    @property
    def message_zh(self) -> str:
        return self.zh.format(**self.details)

    @property
    def message_en(self) -> str:
        return self.en.format(**self.details)

    @property
    def public_message_zh(self) -> str:
        """Return the Chinese message for users of the API."""
        return (self.public_zh or self.zh).format(**self.details)

    @property
    def public_message_en(self) -> str:
        """Return the English message for users of the API."""
        return (self.public_en or self.en).format(**self.details)


class SettingInvalid(GraphServiceError):
    code = "SETTING_INVALID"
    zh = "设置 {name} 无法使用：{reason_zh}"
    en = "The setting {name} cannot be used: {reason_en}"


def unreadable_setting_file(name: str, path: object, error: OSError) -> SettingInvalid:
    """Return the error of a setting that names a file which cannot be read."""
    return SettingInvalid(
        name=name,
        reason_zh=f"无法读取文件 {path}（{error.strerror}）",
        reason_en=f"the file {path} cannot be read ({error.strerror})",
    )


class SignInMissing(SettingInvalid):
    code = "SIGN_IN_MISSING"
    zh = "未启用登录，不能监听 {host}：能连到端口的人可查看并更改全部数据。请设置 GRAPH_SERVICE_SIGN_IN=required 或 GRAPH_SERVICE_OIDC_ISSUER；确需开放时用 --insecure。"
    en = "Sign-in is off, so the service does not listen on {host}, where everybody could see and change everything. Set GRAPH_SERVICE_SIGN_IN=required or GRAPH_SERVICE_OIDC_ISSUER, or use --insecure."


class ManifestInvalid(SettingInvalid):
    code = "MANIFEST_INVALID"
    zh = "受信文档清单 {file} 中的 {id} 有误：{reason_zh}。请重新生成清单（{name}）。"
    en = "The document {id} in the manifest {file} is invalid: {reason_en}. Generate the manifest anew ({name})."


class RotationNeeded(GraphServiceError):
    code = "ROTATION_NEEDED"
    retryable = True
    zh = "证件号码和电话尚未全部用同一密钥封存，此时比对或写入会出错。请等 graph-service keys rotate 运行完毕后重试。"
    en = "ID documents and telephones are not all sealed with one key yet, so that comparing or writing them would go wrong. Try again when `graph-service keys rotate` has run."


class StoreOutdated(GraphServiceError):
    code = "STORE_OUTDATED"
    zh = "库中数据由 0.1.0 版写入，其派生编号可被推算出原值，本版不再使用。数据未作改动，请将登记表重新导入空库。"
    en = "The data were written by version 0.1.0, whose derived numbers give away the values behind them and are no longer used. Nothing was changed. Import the registers into an empty store."


class RuleInvalid(GraphServiceError):
    code = "RULE_INVALID"
    zh = "规则文件 {file} 无法使用：{column} 为“{value}”，{reason_zh}"
    en = 'The rule file {file} cannot be used: {column} is "{value}", {reason_en}'


class EngineError(GraphServiceError):
    code = "ENGINE_FAILED"
    zh = "图数据库出错：{reason}"
    en = "The graph database failed: {reason}"


class EngineUnavailable(EngineError):
    code = "ENGINE_UNAVAILABLE"
    retryable = True
    zh = "无法连接或启动图数据库（{where}）：{reason}"
    en = "The graph database at {where} cannot be reached or started: {reason}"
    public_zh = "图数据库暂时无法访问。请稍后重试；如持续出现，请联系管理员。"
    public_en = "The graph database is temporarily unavailable. Try again later; if the problem persists, contact the administrator."


class EngineUnresponsive(EngineUnavailable):
    zh = "图数据库（{where}）在 {seconds} 秒内没有响应。请查看其运行状况和日志。"
    en = "The graph database at {where} did not respond within {seconds} s. Check its status and its log."


class EngineBusy(EngineError):
    code = "ENGINE_BUSY"
    retryable = True
    zh = "{what} 正被占用：{reason}。请等它结束后重试。"
    en = "{what} is in use: {reason}. Try again when it has finished."


class ImportRunning(EngineBusy):
    zh = "另一导入、变更或撤销正在进行（{holder}）。请等其结束后重试；如已停止，{seconds} 秒后即可重试。"
    en = "Another import, change or undo is running ({holder}). Try again when it has finished; if it has stopped, try again after {seconds} s."


class LeaseLost(EngineBusy):
    zh = "本次写入长时间未续期，已由另一写入接手，未发布任何内容。请重新运行。"
    en = "This run did not renew its lease in time and another writer has taken over; nothing was published. Run it again."


class EngineConflict(EngineError):
    code = "TRY_AGAIN"
    retryable = True
    zh = "同一数据正由其他请求处理，本次未能完成。请稍后重试。"
    en = "Another request was working on the same data, so this request was not completed. Try again later."


class RequestAbandoned(EngineError):
    code = "REQUEST_ABANDONED"
    zh = "请求方已断开，查询已中止。"
    en = "The client disconnected, so the query was cancelled."


class StatementTimeout(EngineError):
    code = "STATEMENT_TIMEOUT"
    zh = "查询超过时间上限（{seconds} 秒）。请缩小区域，或调大 GRAPH_SERVICE_STATEMENT_SECONDS。"
    en = "The query exceeded the time limit of {seconds} s. Use a smaller area, or increase GRAPH_SERVICE_STATEMENT_SECONDS."


class ImportTimeout(StatementTimeout):
    zh = "导入或变更中的一条语句超过时间上限（{seconds} 秒），未发布任何内容。请待机器空闲时再运行一次，会从中断处接着进行；或调大 GRAPH_SERVICE_IMPORT_SECONDS。"
    en = "A statement of the import or change exceeded the time limit of {seconds} s, and nothing was published. Run it again when the machine is less busy, to resume where it stopped, or increase GRAPH_SERVICE_IMPORT_SECONDS."


class StatementRefused(EngineError):
    code = "STATEMENT_REFUSED"
    zh = "语句 {name} 被拒绝：{reason}"
    en = "The statement {name} was refused: {reason}"


class InputError(GraphServiceError):
    code = "INPUT_INVALID"
    zh = "输入有误：{reason}"
    en = "The input is invalid: {reason}"


class FileUnreadable(InputError):
    """`reason_zh` and `reason_en` state the problem and how to correct it."""

    code = "FILE_UNREADABLE"
    zh = "无法读取文件 {file}：{reason_zh}"
    en = "The file {file} cannot be read: {reason_en}"


class MappingInvalid(InputError):
    code = "MAPPING_INVALID"
    zh = "映射文件 {file} 有误（{where}）：{reason_zh}"
    en = "The mapping file {file} is invalid ({where}): {reason_en}"


class DeliveryRefused(InputError):
    code = "DELIVERY_REFUSED"
    zh = "本次数据未导入：{reason_zh}"
    en = "The delivery was not imported: {reason_en}"


class DayUnknown(InputError):
    code = "DAY_UNKNOWN"
    zh = "无法确定采集日（{sheets}）：表中没有可识别的年度，标题没有写明年份或写有多个年份。请用 --day 2016-12-31（接口为 day）给出采集日。"
    en = "The day of the collection cannot be determined ({sheets}): no row has a recognized year, and no title states exactly one year. Specify it with --day 2016-12-31 (API: day)."


class NothingToUndo(InputError):
    code = "NOTHING_TO_UNDO"
    zh = "没有可撤销的导入。"
    en = "There is no import to undo."


class OutputRefused(GraphServiceError):
    code = "OUTPUT_REFUSED"
    zh = "无法写入 {file}：{reason_zh}。"
    en = "{file} cannot be written: {reason_en}."


class OutputExists(OutputRefused):
    code = "OUTPUT_EXISTS"
    zh = "文件 {file} 已存在，未作任何改动。要覆盖它请加 --force，或另取文件名。"
    en = "{file} already exists; nothing was changed. Add --force to overwrite it, or choose another name."


class RequestError(GraphServiceError):
    code = "REQUEST_INVALID"
    zh = "请求有误：{reason}"
    en = "The request is invalid: {reason}"


class AreaUnknown(RequestError):
    code = "AREA_UNKNOWN"
    zh = "没有区划代码 {area}。请使用 2、4、6、9 或 12 位的统计用区划代码。"
    en = "There is no area {area}. Use a statistical area code of 2, 4, 6, 9 or 12 digits."


class VersionUnknown(RequestError):
    code = "VERSION_UNKNOWN"
    zh = "数据版本 {version} 不存在或已撤销。可用版本：{known}。"
    en = "There is no data version {version}, or it was undone. Available versions: {known}."


class CursorInvalid(RequestError):
    code = "CURSOR_INVALID"
    zh = "游标 {cursor} 不属于此列表。请使用同一查询、同一排序返回的 endCursor 或 startCursor。"
    en = "The cursor {cursor} does not belong to this list. Use an endCursor or startCursor returned by the same query in the same order."


class ArgumentInvalid(RequestError):
    code = "ARGUMENT_INVALID"
    zh = "参数 {name} 有误：{reason_zh}"
    en = "The argument {name} is invalid: {reason_en}"


class NotFound(RequestError):
    code = "NOT_FOUND"
    zh = "未找到{what_zh} {key}。"
    en = "There is no {what_en} {key}."


class RecordNotFound(NotFound):
    zh = "未找到{what_zh} {key}，或其不在您可查看的区划内。"
    en = "There is no {what_en} {key}, or it lies outside of the areas that you may read."


class MethodNotAllowed(RequestError):
    code = "METHOD_REFUSED"
    zh = "{path} 不接受 {method} 方法；可用的方法见响应头 allow。"
    en = "{path} does not support the method {method}; see the allow response header for the supported methods."


class TooManyPaths(RequestError):
    code = "TOO_MANY_WAYS"
    zh = "资金往来过于密集，路径超过 {most} 条。请指明另一端，或换一个起点。"
    en = "The money takes more than {most} paths. Specify the other end, or choose another start."


class CaseInvalid(RequestError):
    code = "CASE_INVALID"
    zh = "案卷无法核验：{reason_zh}。"
    en = "The case cannot be verified: {reason_en}."


class NothingPublished(RequestError):
    code = "NOTHING_PUBLISHED"
    zh = "尚无已发布的数据。请由登记人员用 importRegister，或在服务器上用 graph-service import 导入登记表。"
    en = "Nothing has been published yet. A registrar imports a register with importRegister, or with graph-service import on the machine."


class TableTooLong(RequestError):
    code = "TABLE_TOO_LONG"
    zh = "表格超过 {most} 行，一张 Excel 工作表放不下。请缩小区域，或改用 CSV。"
    en = "The table has more than {most} rows, which exceeds the limit of a worksheet. Use a smaller area, or CSV instead."


class DocumentRefused(RequestError):
    code = "DOCUMENT_REFUSED"
    zh = "请求无法执行：{reason_zh}"
    en = "The request cannot be executed: {reason_en}"


class DocumentUnknown(DocumentRefused):
    # The code by which clients of Apollo send the text instead.
    code = "PERSISTED_QUERY_NOT_FOUND"
    zh = "没有编号为 {id} 的受信文档，本服务也不自动登记。请将其所在清单列入 GRAPH_SERVICE_DOCUMENTS，并重启服务。"
    en = "There is no trusted document {id}, and documents are not registered automatically. Add its manifest to GRAPH_SERVICE_DOCUMENTS, and restart the service."


class DocumentUntrusted(DocumentRefused):
    code = "DOCUMENT_UNTRUSTED"
    zh = "本服务只执行受信文档，清单中没有此文档。请以 documentId 给出清单中文档的编号。"
    en = "This service runs trusted documents only, and this one is in no manifest. Send the id of one as documentId."


class ChangeError(GraphServiceError):
    code = "CHANGE_REFUSED"


class ChangeInvalid(ChangeError):
    code = "CHANGE_INVALID"
    zh = "{field}：{reason_zh}"
    en = "{field}: {reason_en}"


class ChangeConflict(ChangeError):
    code = "CHANGE_CONFLICT"
    zh = "未作变更：{reason_zh}"
    en = "Nothing was changed: {reason_en}"


class ChangeForbidden(ChangeError):
    code = "CHANGE_FORBIDDEN"
    zh = "无权变更：{reason_zh}"
    en = "You may not make this change: {reason_en}"


class AccessError(GraphServiceError):
    code = "ACCESS_REFUSED"


class NotSignedIn(AccessError):
    code = "NOT_SIGNED_IN"
    zh = "请先登录，或使用有效的接口密钥：{reason_zh}"
    en = "Sign in, or use a valid API key: {reason_en}"


class AccessDenied(AccessError):
    code = "ACCESS_DENIED"
    zh = "无此权限：{right_zh}。请向系统管理员申请。"
    en = "You do not have the right {right_en}. Ask the administrator for it."


class AreaNotGranted(AccessError):
    code = "AREA_NOT_GRANTED"
    zh = "您无权查看区划 {area}，或只能查看其中一部分（见 me）。请选择可查看的区划，或向系统管理员申请授权。"
    en = "You may not read the area {area}, or only a part of it (see me). Choose an area that you may read, or ask the administrator for a grant."


class SignInOff(AccessError):
    code = "SIGN_IN_OFF"
    zh = "本服务未启用登录，没有授权可查。请设置 GRAPH_SERVICE_SIGN_IN=required。"
    en = "Sign-in is off, so there are no grants. Set GRAPH_SERVICE_SIGN_IN=required."


class ApprovalsOff(AccessError):
    code = "APPROVALS_OFF"
    zh = "本服务没有需要审批的变更。请设置 GRAPH_SERVICE_APPROVAL。"
    en = "No change of this service needs approval. Set GRAPH_SERVICE_APPROVAL."


class HostRefused(AccessError):
    code = "HOST_REFUSED"
    zh = "本服务不接受主机名 {host}。如确为本服务的名称，请将其列入 GRAPH_SERVICE_HOSTS。"
    en = "The service does not accept the host name {host}. If it is a name of this service, add it to GRAPH_SERVICE_HOSTS."


class OriginRefused(AccessError):
    code = "ORIGIN_REFUSED"
    zh = "请求来自其他网站的页面（{origin}），未执行。请在本服务的页面上操作。"
    en = "The request comes from a page of another site ({origin}) and was not carried out. Use the page of this service."


class ProviderUnavailable(AccessError):
    code = "PROVIDER_UNAVAILABLE"
    retryable = True
    zh = "身份提供方 {issuer} 无法使用：{reason}"
    en = "The identity provider {issuer} cannot be used: {reason}"
    public_zh = "身份提供方暂时无法使用，请稍后再登录。"
    public_en = "The identity provider cannot be used at the moment. Sign in again later."


class AccessDatabaseFailed(GraphServiceError):
    code = "ACCESS_DATABASE_FAILED"
    zh = "授权数据库 {path} 无法使用：{reason}。请检查磁盘空间和文件权限。"
    en = "The database of access {path} cannot be used: {reason}. Check disk space and file permissions."
    public_zh = "授权数据库暂时无法使用。请联系管理员。"
    public_en = "The database of access cannot be used at the moment. Contact the administrator."


class AuditLogFailed(GraphServiceError):
    code = "AUDIT_LOG_FAILED"
    retryable = True
    zh = "审计日志 {path} 无法使用：{reason}。请检查磁盘空间和文件权限。"
    en = "The audit log {path} cannot be used: {reason}. Check disk space and file permissions."
    public_zh = "审计日志暂时无法写入，因此本次请求未办理。请稍后重试；如持续出现，请联系管理员。"
    public_en = "The audit log cannot be written at the moment, so the request was not carried out. Try again later; if the problem persists, contact the administrator."


class AuditAnchorFailed(AuditLogFailed):
    zh = "审计日志的锚点文件 {path} 无法使用：{reason}。请检查 GRAPH_SERVICE_AUDIT_ANCHOR、所在文件夹、磁盘空间和文件权限。"
    en = "The anchor of the audit log, {path}, cannot be used: {reason}. Check GRAPH_SERVICE_AUDIT_ANCHOR, its folder, disk space and file permissions."


class AuditLogMissing(AuditLogFailed):
    retryable = False
    zh = "接口未配置审计日志，不能查看完整的个人信息，也不能按其查询。"
    en = "The API has no audit log, so personal values cannot be read in full or queried by."
    public_zh = zh
    public_en = en


class ServiceBusy(GraphServiceError):
    code = "SERVICE_BUSY"
    retryable = True
    zh = "等待处理的请求过多。请在 {seconds} 秒后重试。"
    en = "Too many requests are waiting. Try again in {seconds} s."


class RateExceeded(ServiceBusy):
    code = "RATE_EXCEEDED"
    zh = "{reason_zh}。请在 {seconds} 秒后重试。"
    en = "{reason_en}. Try again in {seconds} s."


class StorageFull(GraphServiceError):
    code = "STORAGE_FULL"
    retryable = True
    zh = "服务器磁盘空间不足，文件无法暂存。请稍后重试；如持续出现，请联系管理员。"
    en = "The server has too little disk space to store the file temporarily. Try again later; if the problem persists, contact the administrator."


class ApiError(GraphServiceError):
    """An error returned by the API, with its code and both messages."""

    zh = "{zh}"
    en = "{en}"

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(zh=zh, en=en)
        self.code = code


class CommandFailed(GraphServiceError):
    code = "INTERNAL"
    zh = "命令因内部错误中止，详情已记入 {log}。请将该文件发给管理员。"
    en = "The command stopped because of an internal error; see {log} for details. Send that file to the administrator."


class ServiceFailed(GraphServiceError):
    code = "INTERNAL"
    zh = "服务内部错误。请将编号 {trace} 告知管理员。"
    en = "The service encountered an internal error. Report the number {trace} to the administrator."
