package dev.gatewright.telemetry.trace;

/// Names of attributes and metrics, all in one place because none of those of `gen_ai` is stable:
/// OpenTelemetry's semantic conventions for generative AI as of 2026-11 (`gen_ai.provider.name` was
/// `gen_ai.system`), for HTTP, and our own.
public final class Conventions {
  public static final String OPERATION = "gen_ai.operation.name";
  public static final String PROVIDER = "gen_ai.provider.name";
  public static final String REQUEST_MODEL = "gen_ai.request.model";
  public static final String REQUEST_STREAM = "gen_ai.request.stream";
  public static final String RESPONSE_MODEL = "gen_ai.response.model";
  public static final String TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";
  public static final String INPUT_TOKENS = "gen_ai.usage.input_tokens";
  public static final String OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
  public static final String CACHE_READ_TOKENS = "gen_ai.usage.cache_read.input_tokens";
  public static final String CACHE_WRITTEN_TOKENS = "gen_ai.usage.cache_creation.input_tokens";
  public static final String REASONING_TOKENS = "gen_ai.usage.reasoning.output_tokens";

  /// Metrics, and what tells their series apart.
  public static final String TOKEN_USAGE = "gen_ai.client.token.usage";

  public static final String OPERATION_DURATION = "gen_ai.client.operation.duration";
  public static final String TOKEN_TYPE = "gen_ai.token.type";

  public static final String ERROR_TYPE = "error.type";
  public static final String SERVER_ADDRESS = "server.address";
  public static final String SERVER_PORT = "server.port";
  public static final String HTTP_METHOD = "http.request.method";
  public static final String HTTP_ROUTE = "http.route";
  public static final String HTTP_STATUS = "http.response.status_code";

  public static final String REQUEST_ID = "gatewright.request.id";
  public static final String KEY_ID = "gatewright.key.id";
  public static final String ORGANIZATION_ID = "gatewright.organization.id";
  public static final String PROJECT_ID = "gatewright.project.id";
  public static final String SERVICE = "gatewright.service";
  public static final String ROOM_PROVIDER = "gatewright.room.provider";
  public static final String SITE = "gatewright.site";
  public static final String TARGET = "gatewright.target";
  public static final String TRY = "gatewright.try";
  public static final String TEST = "gatewright.test";
  public static final String END = "gatewright.end";
  public static final String REASON = "gatewright.reason";

  private Conventions() {}
}
