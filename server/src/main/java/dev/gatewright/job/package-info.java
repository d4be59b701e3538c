/// Work that is promised by a transaction and done behind it, once: an outbox on the store.
///
/// Whoever changes something writes the job with the same handle, `outbox.add(handle,
/// organizationId, kind, payload, expiresMillis)`: the job exists exactly if the change does. A
/// worker claims it, runs what is registered for its kind (`worker.register(kind, runner)`), and
/// tries again until the job's life is over. A process that is killed in the middle leaves its
/// claim behind; three minutes later another takes it, so a job may then run twice, never not at
/// all.
///
/// A payload holds no secret: ids, from which the runner makes what it needs when it runs.
@NullMarked
package dev.gatewright.job;

import org.jspecify.annotations.NullMarked;
