/** What reading a form costs. Here because forms are seen by their own package only. */
@NullMarked
package dev.gatehouse.server.protocol;

import org.jspecify.annotations.NullMarked;
