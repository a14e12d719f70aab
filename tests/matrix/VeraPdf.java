import java.io.*;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;

public class VeraPdf {
    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String name : args[1].split(",")) {
            PDFAFlavour flavour = PDFAFlavour.fromString(name);
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(args[0]), flavour)) {
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
                ValidationResult result = validator.validate(parser);
                System.out.println(name + " " + (result.isCompliant() ? "valid" : "not valid"));
                java.util.Set<String> seen = new java.util.TreeSet<>();
                for (TestAssertion a : result.getTestAssertions())
                    if (a.getStatus() == TestAssertion.Status.FAILED && seen.add(a.getRuleId().toString()))
                        System.out.println("  " + a.getRuleId().getClause() + " " + a.getRuleId().getTestNumber() + " " + a.getMessage() + " at " + a.getLocation().getContext());
            }
        }
    }
}
