package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.config.Units;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Fields of a key that are written when it is made and when it is edited.
final class KeyFieldOptions {
  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "When it ends: such as 12h, 30d, 2027-01-31 or 2027-01-31T12:00:00Z.")
  private @Nullable String expires;

  @Option(
      names = "--not-before",
      paramLabel = "TIME",
      description = "When it begins: such as 2027-01-31 or 2027-01-31T12:00:00Z (UTC).")
  private @Nullable String notBefore;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "MODEL",
      description = "The only models it may use; a final * matches any rest.")
  private List<String> models = List.of();

  @Option(
      names = "--deny-models",
      split = ",",
      paramLabel = "MODEL",
      description = "Models it may not use; a final * matches any rest.")
  private List<String> denyModels = List.of();

  @Option(
      names = "--providers",
      split = ",",
      paramLabel = "PROVIDER",
      description = "The only providers its calls may go to.")
  private List<String> providers = List.of();

  @Option(
      names = "--services",
      split = ",",
      paramLabel = "SERVICE",
      description = "The only services it may use; they need not be configured yet.")
  private List<String> services = List.of();

  @Option(
      names = "--rooms",
      split = ",",
      paramLabel = "PROVIDER",
      description = "The only room providers it may use.")
  private List<String> rooms = List.of();

  @Option(
      names = "--ip",
      split = ",",
      paramLabel = "CIDR",
      description = "The only addresses it may be used from.")
  private List<String> ip = List.of();

  @Option(
      names = "--manage",
      split = ",",
      paramLabel = "SERVICE",
      description = "Services it may also manage, such as pulling models; never implied.")
  private List<String> manage = List.of();

  @Option(
      names = "--tags",
      split = ",",
      paramLabel = "TAG",
      description = "Words for people, at most 16.")
  private List<String> tags = List.of();

  @Option(names = "--user", description = "Whom it is given to; services see it.")
  private @Nullable String user;

  @Option(
      names = "--owner",
      paramLabel = "PERSON",
      description = "The member (per_…) whose key it is; without one it is its project's.")
  private @Nullable String owner;

  @Option(
      names = "--origins",
      split = ",",
      paramLabel = "ORIGIN",
      description = "The only pages it may be used from, such as https://app.example.")
  private List<String> origins = List.of();

  @Option(
      names = "--metadata",
      paramLabel = "JSON",
      description = "An object of your own, at most 10 KiB.")
  private @Nullable String metadata;

  @Option(
      names = "--allow-unpriced",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "It may call what has no price, though credit or a hard budget limits it.")
  private @Nullable Boolean allowUnpriced;

  @Option(
      names = "--max-output-tokens",
      paramLabel = "N",
      description = "The most tokens an answer may have; also what calls get that name no cap.")
  private @Nullable Long outputTokensMax;

  /// Adds what was given to the body of a request.
  void put(ObjectNode body) {
    if (expires != null) {
      boolean life = Units.duration(expires) != null;
      body.put(life ? "expires_in" : "expires_at", life ? expires : time("--expires", expires));
    }
    if (notBefore != null) {
      body.put("not_before", time("--not-before", notBefore));
    }
    put(body, "models", models);
    put(body, "deny_models", denyModels);
    put(body, "providers", providers);
    put(body, "services", services);
    put(body, "rooms", rooms);
    put(body, "ip", ip);
    put(body, "manage", manage);
    put(body, "tags", tags);
    put(body, "origins", origins);
    if (user != null) {
      body.put("user", user);
    }
    if (owner != null) {
      body.put("owner", owner);
    }
    if (allowUnpriced != null) {
      body.put("allow_unpriced", allowUnpriced);
    }
    if (outputTokensMax != null) {
      body.put("max_output_tokens", outputTokensMax);
    }
    if (metadata != null) {
      body.set("metadata", object(metadata));
    }
  }

  private static JsonNode object(String text) {
    try {
      JsonNode node = GateClient.JSON.readTree(text);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException notJson) {
      // Said below.
    }
    throw new CommandFailed(
        ExitCode.USAGE,
        "--metadata: not readable (expected: a JSON object such as '{\"team\":1}')");
  }

  /// A day begins at midnight UTC.
  private static String time(String option, String text) {
    if (DAY.matcher(text).matches()) {
      return text + "T00:00:00Z";
    }
    if (!text.contains("T")) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%s: %s (expected: %s2027-01-31 or 2027-01-31T12:00:00Z)"
              .formatted(option, text, option.equals("--expires") ? "such as 30d, " : "such as "));
    }
    return text;
  }

  private static void put(ObjectNode body, String field, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = body.putArray(field);
      values.forEach(array::add);
    }
  }
}
