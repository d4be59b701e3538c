/// Keys of other gates and of other installations: taken over, watched, given away.
@NullMarked
package dev.gatewright.key.migration;

import org.jspecify.annotations.NullMarked;
