/// Mails that follow from a change: a sign-in code, an invitation, a notice to owners.
///
/// To send one from a transaction:
/// 1. once, at the wiring: `mail.register("invitation", job -> …)`. The [MailRenderer] makes the
///    [Letter] when it is sent, from the ids of the payload, or returns null when there is nothing
///    left to say (withdrawn, used). [Letters] holds the texts.
/// 2. in the transaction of the change: `mail.add(handle, organizationId, "invitation",
///    "{\"id\":\"inv_…\"}", time.millis() + Mail.NOTICE_MILLIS)`. It is sent if the transaction
///    commits, and never else.
///
/// The row holds no secret and no text. Where `mail` is not set, `add` refuses and nothing runs.
@NullMarked
package dev.gatewright.mail;

import org.jspecify.annotations.NullMarked;
