using System.Text;
using Outdial.Cli.Processes;

namespace Outdial.Cli.SupplyChain;

/// <summary>The file <c>THIRD-PARTY-NOTICES</c>: whose work goes out with ours, and under which licence.</summary>
public static class ThirdPartyNotices
{
    private const string Line = "--------------------------------------------------------------------------------";

    public static string FilePath => Path.Combine(Workshop.Root, "THIRD-PARTY-NOTICES");

    /// <summary>The licences that are known here, by the SPDX identifier. Of a choice the first that is known is taken.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>
    {
        ["Apache-2.0"] = "The text is that of the file LICENSE beside this one.",
        ["MIT"] = """
            Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
            "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
            distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
            the following conditions:

            The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

            THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
            MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR
            ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH
            THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
            """,
        ["BSD-3-Clause"] = """
            Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following conditions are
            met:

            1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following disclaimer.

            2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following disclaimer in the
            documentation and/or other materials provided with the distribution.

            3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote products derived from
            this software without specific prior written permission.

            THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT
            LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE
            COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
            (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION)
            HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE)
            ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
            """,
        ["PostgreSQL"] = """
            Permission to use, copy, modify, and distribute this software and its documentation for any purpose, without fee, and without a written
            agreement is hereby granted, provided that the above copyright notice and this paragraph and the following two paragraphs appear in all
            copies.

            IN NO EVENT SHALL THE COPYRIGHT HOLDER BE LIABLE TO ANY PARTY FOR DIRECT, INDIRECT, SPECIAL, INCIDENTAL, OR CONSEQUENTIAL DAMAGES,
            INCLUDING LOST PROFITS, ARISING OUT OF THE USE OF THIS SOFTWARE AND ITS DOCUMENTATION, EVEN IF THE COPYRIGHT HOLDER HAS BEEN ADVISED OF
            THE POSSIBILITY OF SUCH DAMAGE.

            THE COPYRIGHT HOLDER SPECIFICALLY DISCLAIMS ANY WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND
            FITNESS FOR A PARTICULAR PURPOSE. THE SOFTWARE PROVIDED HEREUNDER IS ON AN "AS IS" BASIS, AND THE COPYRIGHT HOLDER HAS NO OBLIGATIONS TO
            PROVIDE MAINTENANCE, SUPPORT, UPDATES, ENHANCEMENTS, OR MODIFICATIONS.
            """,
    };

    /// <summary>
    /// The licence under which we take a package; null when it is none that is known here, so that a person has to look at it first.
    /// </summary>
    public static string? Taken(ShippedPackage package) =>
        package.Licence.Split(" OR ").Select(choice => choice.Trim('(', ')', ' ')).FirstOrDefault(Texts.ContainsKey);

    /// <summary>How the file names a package under its licence. The version is a matter of the feed in use.</summary>
    public static string Heading(ShippedPackage package) => $"{package.Id} {package.Version}\n  Licence: {package.Licence}\n";

    /// <exception cref="CommandFailure">A package has a licence that is not known here.</exception>
    public static string Write(IReadOnlyList<ShippedPackage> packages)
    {
        if (packages.FirstOrDefault(package => Taken(package) is null) is { } unknown)
            throw new CommandFailure(
                $"{unknown.Id} is under '{unknown.Licence}'. Look whether it may be shipped, and add the text to {nameof(ThirdPartyNotices)}.cs.");
        var text = new StringBuilder();
        text.Append("Outdial is under the Apache License, Version 2.0 (see LICENSE). Its programs go out with the packages below, each under its own\nlicence. ");
        text.Append("Made by './outdial notices' from what is restored for the programs; run it again when packages change.\n\n");
        foreach (var package in packages)
        {
            text.Append(Line).Append('\n').Append(Heading(package));
            if (Taken(package) != package.Licence)
                text.Append($"  Taken under: {Taken(package)}\n");
            text.Append($"  {package.Copyright}\n");
            if (package.Home is { } home)
                text.Append($"  {home}\n");
        }
        foreach (var (licence, words) in Texts.Where(known => packages.Any(package => Taken(package) == known.Key)))
            text.Append($"\n{Line}\nLicence {licence}\n{Line}\n{words}\n");
        foreach (var notice in packages.SelectMany(package => package.Notices.Select(words => (package.Id, Words: words)))
            .GroupBy(notice => notice.Words))
            text.Append($"\n{Line}\nWhat comes with {string.Join(", ", notice.Select(one => one.Id))}\n{Line}\n{notice.Key}\n");
        return text.ToString();
    }
}
