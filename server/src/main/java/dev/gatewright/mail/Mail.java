package dev.gatewright.mail;

import dev.gatewright.job.Added;
import dev.gatewright.job.FailedJob;
import dev.gatewright.job.Job;
import dev.gatewright.job.JobFigures;
import dev.gatewright.job.JobResult;
import dev.gatewright.job.JobWorker;
import dev.gatewright.job.Outbox;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The mails of this process: what transactions leave in the outbox goes to the mail server, one
/// after the other, on one thread and one connection. Without the setting nothing runs.
/// Thread-safe.
public final class Mail implements AutoCloseable {
  /// How long a mail with a sign-in code is worth sending.
  public static final long CODE_MILLIS = Duration.ofMinutes(10).toMillis();

  /// The same of invitations and notices.
  public static final long NOTICE_MILLIS = Duration.ofHours(24).toMillis();

  private final Outbox outbox;
  private final @Nullable Sending sending;

  private record Sending(SmtpLine line, JobWorker worker) {}

  private Mail(Outbox outbox, @Nullable Sending sending) {
    this.outbox = outbox;
    this.sending = sending;
  }

  /// @param config null = there is no mail, or this process has no portal
  public static Mail start(@Nullable MailConfig config, Database database, Time time) {
    Outbox outbox = new Outbox(database, time);
    return new Mail(
        outbox,
        config == null
            ? null
            : new Sending(new SmtpLine(config, time, null), JobWorker.start(database, time)));
  }

  /// Whether mails can be sent at all.
  public boolean isOn() {
    return sending != null;
  }

  /// Who makes the mails of a kind. Called at the wiring, once a kind.
  public void register(String kind, MailRenderer renderer) {
    if (sending != null) {
      SmtpLine line = sending.line;
      sending.worker.register(kind, job -> send(line, renderer, job));
    }
  }

  private static JobResult send(SmtpLine line, MailRenderer renderer, Job job) {
    Letter letter = renderer.letter(job);
    return letter == null
        ? new JobResult.Dropped("there was nothing left to say")
        : line.send(letter, job.id());
  }

  /// Leaves a mail in the caller's transaction; see [Outbox#add].
  ///
  /// @param payload JSON with the ids its renderer needs; no secret
  public Added add(
      Handle handle, String organizationId, String kind, String payload, long expiresMillis) {
    return sending == null
        ? new Added.Refused("mail is not set up (expected: the setting mail)")
        : outbox.add(handle, organizationId, kind, payload, expiresMillis);
  }

  /// Mails that could not be sent, newest first; see [Outbox#failed].
  public List<FailedJob> failed(String organizationId, int most) {
    return outbox.failed(organizationId, most);
  }

  /// What is wrong with the mail server, as last seen; null = nothing that is known.
  public @Nullable String problem() {
    return sending == null ? null : sending.line.problem();
  }

  public JobFigures figures() {
    return sending == null ? JobFigures.NONE : sending.worker.figures();
  }

  @Override
  public void close() {
    if (sending != null) {
      sending.worker.close();
      sending.line.close();
    }
  }
}
