"""`python -m tools.docs`: regenerate what is made from the program, build the site, check its links.

Ends with 1, and says why, if a page cannot be built or a link leads nowhere. External links are listed
and not fetched.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from tools.docs.generated import committed_parts, filled, site_parts
from tools.docs.links import check_site

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs"
WORK = ROOT / "build" / "docs"
SITE = ROOT / "site"


def regenerate() -> list[Path]:
    """Write the generated parts of the committed pages anew; return the pages that changed."""
    changed = []
    for page in sorted(PAGES.rglob("*.md")):
        before = page.read_text(encoding="utf-8")
        after = filled(before, committed_parts(ROOT))
        if after != before:
            page.write_text(after, encoding="utf-8")
            changed.append(page)
    return changed


def build(site: Path, work: Path = WORK) -> str:
    """Build the site from a copy of the pages in `work`; return what the builder says, or end the program."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(PAGES, work / "docs")
    shutil.copy(ROOT / "CHANGELOG.md", work / "docs" / "changelog.md")
    shutil.copy(ROOT / "zensical.toml", work)
    for page in sorted((work / "docs").rglob("*.md")):
        page.write_text(filled(page.read_text(encoding="utf-8"), site_parts(ROOT)), encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        sys.exit(f"The site was not built.\n{done.stdout}{done.stderr}")
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(work / "site", site)
    return done.stdout


def main() -> None:
    """Do everything, and say what was done."""
    options = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    options.add_argument("--site", type=Path, default=SITE, help="folder to write the site to")
    site: Path = options.parse_args().site
    for page in regenerate():
        print(f"regenerated {page.relative_to(ROOT)}")
    build(site)
    found = check_site(site, [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"])
    print(f"{found.pages} pages, {found.internal} internal links; external links, not fetched:")
    for link in sorted(found.external):
        print(f"  {link}")
    for complaint in found.complaints:
        print(complaint, file=sys.stderr)
    if found.complaints:
        sys.exit(f"{len(found.complaints)} links lead nowhere.")
    print(f"The site is in {site}: open index.html.")


if __name__ == "__main__":
    main()
