package dev.gatewright.mail;

import dev.gatewright.job.Job;
import org.jspecify.annotations.Nullable;

/// Makes the mail of a job, at the moment it is sent. Called on a virtual thread; may read the
/// store.
@FunctionalInterface
public interface MailRenderer {
  /// Null when there is nothing left to say: what the job was about is used, withdrawn or gone. An
  /// exception is tried again; its text is not kept.
  @Nullable Letter letter(Job job);
}
