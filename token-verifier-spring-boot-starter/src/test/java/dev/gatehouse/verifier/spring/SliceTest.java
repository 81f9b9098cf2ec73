package dev.gatehouse.verifier.spring;

import static org.hamcrest.Matchers.startsWith;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.jwt;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** A slice of a service has the starter's security, as the whole service has. */
@WebMvcTest(
        controllers = TestService.Orders.class,
        properties = {
            "gatehouse.verifier.issuer=http://localhost:1",
            "gatehouse.verifier.audience=orders",
            "gatehouse.verifier.client-id=orders",
            "gatehouse.verifier.client-secret=secret"
        })
@ContextConfiguration(classes = TestService.Application.class)
class SliceTest {

    @Autowired
    private MockMvc mvc;

    @Test
    void withoutATokenTheDoorStaysShut() throws Exception {
        mvc.perform(get("/me"))
                .andExpect(status().isUnauthorized())
                .andExpect(header().string("WWW-Authenticate", startsWith("Bearer")));
    }

    @Test
    void aTokenMadeForTheTestOpensWhatItsScopesAllow() throws Exception {
        mvc.perform(post("/orders").with(jwt())).andExpect(status().isOk());
        mvc.perform(get("/orders").with(jwt())).andExpect(status().isForbidden());
        mvc.perform(get("/orders").with(jwt().authorities(new SimpleGrantedAuthority("SCOPE_orders.read"))))
                .andExpect(status().isOk());
    }
}
