package dev.gatewright.cli.command.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.audit.AuditAnchor;
import dev.gatewright.audit.ExportCheck;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright audit verify`
@Command(
    name = "verify",
    description = {
      "Walk the whole chain of changes. Ends with 5 when it is broken.",
      "With --file an export is followed instead, without a server and without its key.",
      "An end that was cut off shows only against anchors that were kept elsewhere."
    })
final class AuditVerifyCommand implements Callable<Integer> {
  private static final int ANCHORS_MAX = 1_000;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--anchors",
      paramLabel = "FILE",
      description =
          "Lines of `audit anchor`, a server's audit-anchors.jsonl, or those of its access log.")
  private @Nullable Path anchors;

  @Option(names = "--file", paramLabel = "FILE", description = "What `audit export` wrote.")
  private @Nullable Path file;

  AuditVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return file == null ? walk() : follow(file);
  }

  private int walk() {
    GateClient client = server.connect(terminal);
    ObjectNode body = GateClient.JSON.createObjectNode();
    if (anchors != null) {
      ArrayNode sent = body.putArray("anchors");
      newest(anchors, Fields.text(client.get("/api/audit/anchor"), "organization_id"))
          .forEach(anchor -> sent.add(anchor.toJson()));
    }
    JsonNode verdict = client.post("/api/audit/verify", body);
    boolean intact = verdict.path("intact").asBoolean();
    if (!output.printed(terminal, verdict)) {
      String held = Fields.text(verdict, "anchors");
      terminal.print(
          intact
              ? "intact: %s links, held against %s anchors"
                  .formatted(Fields.text(verdict, "links"), held)
              : "broken at link %s: %s"
                  .formatted(Fields.text(verdict, "broken_at"), Fields.text(verdict, "reason")));
    }
    return intact ? ExitCode.OK : ExitCode.BROKEN_CHAIN;
  }

  private List<AuditAnchor> newest(Path from, String organization) {
    List<AuditAnchor> found =
        AnchorLines.read(from).stream()
            .filter(anchor -> organization.equals(anchor.organizationId()))
            .toList();
    if (found.isEmpty()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--anchors: %s has no anchor of %s (expected: at least one)"
              .formatted(from, organization));
    }
    int first = Math.max(0, found.size() - ANCHORS_MAX);
    if (first > 0) {
      terminal.say("held against the newest %d of %d anchors".formatted(ANCHORS_MAX, found.size()));
    }
    return found.subList(first, found.size());
  }

  private int follow(Path export) {
    ExportCheck.Result result;
    List<AuditAnchor> kept = anchors == null ? List.of() : AnchorLines.read(anchors);
    try (BufferedReader lines = Files.newBufferedReader(export)) {
      result = ExportCheck.run(lines, kept);
    } catch (IOException unreadable) {
      throw new CommandFailed(
          ExitCode.USAGE, "--file: %s cannot be read (expected: an export)".formatted(export));
    }
    ObjectNode json = GateClient.JSON.createObjectNode();
    String words =
        switch (result) {
          case ExportCheck.Result.Intact intact -> {
            json.put("intact", true).put("chain", intact.chain());
            json.put("from", intact.from()).put("to", intact.to()).put("links", intact.links());
            json.put("unchecked", intact.unchecked()).put("head", intact.head());
            json.put("public_key", intact.publicKey());
            yield said(intact);
          }
          case ExportCheck.Result.Broken broken -> {
            json.put("intact", false).put("line", broken.line());
            json.put("broken_at", broken.seq()).put("reason", broken.reason());
            yield "broken at line %d: %s".formatted(broken.line(), broken.reason());
          }
        };
    if (!output.printed(terminal, json)) {
      terminal.print(words);
    }
    return result instanceof ExportCheck.Result.Intact ? ExitCode.OK : ExitCode.BROKEN_CHAIN;
  }

  private static String said(ExportCheck.Result.Intact intact) {
    String text =
        "intact: links %d to %d of %s, signed by %s (compare it with what `audit anchor` prints)"
            .formatted(intact.from(), intact.to(), intact.chain(), intact.publicKey());
    return intact.unchecked() == 0
        ? text
        : text
            + "; the first %d are of a form that only the server can check"
                .formatted(intact.unchecked());
  }
}
