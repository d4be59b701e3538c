package dev.gatewright.identity.code;

import dev.gatewright.edge.site.Consoles;
import dev.gatewright.job.Added;
import dev.gatewright.job.Job;
import dev.gatewright.mail.Letter;
import dev.gatewright.mail.Letters;
import dev.gatewright.mail.Mail;
import dev.gatewright.rest.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The mail with a code. What waits to be sent is the request's id alone; the code is made when the
/// mail is. Thread-safe.
final class CodeMail {
  private static final String KIND = "sign-in-code";
  private static final String FLOW = "flow";
  private static final Logger LOG = LoggerFactory.getLogger(CodeMail.class);

  private final Mail mail;
  private final Consoles consoles;

  CodeMail(Mail mail, Consoles consoles) {
    this.mail = mail;
    this.consoles = consoles;
  }

  void register(CodeRequests requests) {
    mail.register(KIND, job -> letter(job, requests));
  }

  void leave(Handle handle, String flowId, long expiresMillis) {
    String payload = new String(Json.bytes(Map.of(FLOW, flowId)), StandardCharsets.UTF_8);
    if (mail.add(handle, "", KIND, payload, expiresMillis) instanceof Added.Refused refused
        && mail.isOn()) {
      // Whoever asked must not learn of it; the command line still reads the code out.
      LOG.warn("a sign-in code is not mailed: {}", refused.reason());
    }
  }

  private @Nullable Letter letter(Job job, CodeRequests requests) {
    String flowId = Json.tree(job.payload().getBytes(StandardCharsets.UTF_8)).path(FLOW).asText();
    return requests
        .ofFlow(flowId)
        .map(readable ->
            Letters.code(
                readable.email(),
                readable.code().expose(),
                consoles.called(readable.flow().site()),
                BrowserName.of(readable.flow().agent()),
                (int) LoginFlow.LIFE.toMinutes()))
        .orElse(null);
  }
}
