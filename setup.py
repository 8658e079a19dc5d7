"""
Packaging of lbproxy.

The version is read from C{lbproxy/__init__.py} as text: nothing is imported. The Twisted plugin travels as the package
C{twisted.plugins}, which has no C{__init__.py} here so that it merges with Twisted's own.
"""

import os
import re

from setuptools import find_packages, setup

HERE = os.path.dirname(os.path.abspath(__file__))


def read(*path):
    """
    Text of a file of the checkout.
    """
    with open(os.path.join(HERE, *path), encoding="utf-8") as source:
        return source.read()


def version():
    """
    The C{__version__} of the package.

    @raise RuntimeError: when C{lbproxy/__init__.py} has none.
    """
    found = re.search(r'^__version__ = "([^"]+)"', read("lbproxy", "__init__.py"), re.M)
    if found is None:
        raise RuntimeError("lbproxy/__init__.py has no __version__")
    return found.group(1)


EXTRAS = {
    # fastjsonschema checks that the JSON Schema for editors takes what the YAML reader takes; pure Python, for PyPy's sake.
    "test": ["hypothesis", "fastjsonschema"],
    "dev": ["ruff", "mypy", "types-PyYAML"],
    "tls": ["pyopenssl", "idna"],
    "manhole": ["cryptography", "bcrypt", "twisted[conch]"],
}

setup(
    name="lbproxy",
    version=version(),
    description="A TCP and HTTP load balancer on Twisted that reads haproxy.cfg and YAML",
    long_description=read("README.md"),
    long_description_content_type="text/markdown",
    author="the lbproxy authors",
    license="MIT",
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Environment :: No Input/Output (Daemon)",
        "Framework :: Twisted",
        "Intended Audience :: System Administrators",
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.9",
        "Programming Language :: Python :: Implementation :: CPython",
        "Programming Language :: Python :: Implementation :: PyPy",
        "Topic :: Internet :: WWW/HTTP",
        "Topic :: Internet :: Proxy Servers",
    ],
    python_requires=">=3.9",
    # One root for all packages: an editable install is then a plain path entry, through which Twisted finds the plugin.
    package_dir={"": "."},
    packages=find_packages(include=["lbproxy", "lbproxy.*"]) + ["twisted.plugins"],
    package_data={"twisted": ["plugins/lbproxy_plugin.py"]},
    # attrs and zope.interface also come with Twisted; they are named because lbproxy imports them itself.
    install_requires=["twisted>=22.10", "zope.interface", "service-identity", "pyyaml", "attrs"],
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["lbproxy = lbproxy.command:main"]},
    zip_safe=False,
)
